/** Where the page begins. The first import listens for the shell's port, before any other code of ours runs. */
import './api/engine-port.ts';
import '@mantine/core/styles.layer.css';
import './design/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
